"""What charts are drawn with: marks, scales, frames and labels."""
