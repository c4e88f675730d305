"""What every page of the portal is made of: brand, layout, components, assets, forms, languages, page checks."""
