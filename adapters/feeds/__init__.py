"""What comes in from outside: roster files and public warnings. Nothing here trusts what it reads."""
