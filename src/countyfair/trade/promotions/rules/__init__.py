"""Pure decisions on promotions: what their terms may be, and what they take off."""
