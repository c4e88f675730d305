"""customer-link: whose customer an account is."""
