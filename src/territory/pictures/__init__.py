"""How it is shown: one description of a picture, several renderers."""
