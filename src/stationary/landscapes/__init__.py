"""Objects with value, gradient and exact Hessian over a stack of parameter vectors."""
