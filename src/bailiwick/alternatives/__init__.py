"""Was there a better map, and where does the proposal stand among all of them?"""
