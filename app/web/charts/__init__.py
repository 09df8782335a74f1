"""Charts as SVG with percent x and pixel y: geometry stretches with the page, text stays as large as it is."""
