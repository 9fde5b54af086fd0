"""Services and the forms that edit them."""
