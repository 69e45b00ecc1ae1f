"""One module for each family of formats; its READERS say by the format's name who gives a part's pages and members."""
