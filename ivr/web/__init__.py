"""What all pages share, and the pages that cross all features."""
