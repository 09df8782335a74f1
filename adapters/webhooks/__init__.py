"""Events out: CloudEvents to the subscribers that an administrator has named, and to no other address."""
