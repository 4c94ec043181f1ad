"""From picture to style: measuring, ranking, bulletins, distance, and a drawer by rule."""
