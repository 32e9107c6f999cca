"""The desk: a page with phones, a clock and the world beside them, for whoever tries a telephone application."""
