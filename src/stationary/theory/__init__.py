"""What is known without computing: closed forms, exact finite-size results and published numbers, each with its source."""
