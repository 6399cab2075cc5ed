"""The desk: which claims are worth checking, what was sent, and what was decided about them."""
