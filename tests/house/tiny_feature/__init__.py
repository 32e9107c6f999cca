"""The smallest feature there can be: birthday greetings. It is here to show what a folder and one line bring."""
