"""Styles and operation bulletins of a user: files in, products and styles of their own out."""
