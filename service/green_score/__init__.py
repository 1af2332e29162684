"""The green supplier score: a fixed-anchor additive value model, so that no supplier's score depends on who else is ranked."""
