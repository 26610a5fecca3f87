"""What all pages share: layouts, components, formatters, middleware and the design page."""
