"""Small activities with evidence behind them: scripts, when one is offered, how it is run. Pure."""
