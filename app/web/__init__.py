"""Pages, written on the server: HTML and SVG, no script, nothing fetched."""
