"""The HTML pages of customers and of the desk."""
