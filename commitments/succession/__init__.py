"""What becomes of promises when units end: targets of their successors, who carries them now."""
