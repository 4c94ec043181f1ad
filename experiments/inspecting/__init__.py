"""Parts of `inspect_images.py`: what is asked, which files there are, and what the network says."""
