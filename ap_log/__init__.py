"""AP Log: the substance-incident log of an Approved Premises, from a phone with no signal to an officer's decision."""
