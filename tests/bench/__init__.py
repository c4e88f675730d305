"""The budgets of the portal, measured on a running one (./portal bench)."""
