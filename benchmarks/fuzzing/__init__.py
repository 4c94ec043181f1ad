"""Files as an attacker or an accident leaves them, and the doors that have to judge them."""
