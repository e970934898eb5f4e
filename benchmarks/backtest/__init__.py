"""What the backtest of the forecast rests on: other methods, and what came of each."""
