"""Issue -> pages, feed, document."""
