"""An experiment that is added from outside: the critical points of bent valleys."""
