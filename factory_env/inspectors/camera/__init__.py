"""What cameras share: the worth of a verdict, the rules of a style, a price on the bench."""
