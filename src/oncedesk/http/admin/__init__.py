"""What those do who run the system: `/v1/admin`, an admin or a key with the scope `admin`."""
