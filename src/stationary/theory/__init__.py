"""What is known without computing: closed forms and published numbers."""
