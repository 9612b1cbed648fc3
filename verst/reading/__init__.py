"""A post becomes claims. Pure: the same post and shelves give the same reading, without network, store or clock."""
