"""How a person writes dated changes: words, moments, and the rules between them."""
