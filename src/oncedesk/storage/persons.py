"""What is kept about persons, read of one or of many: whoever reads it asks first who may."""

PERSON = "SELECT body FROM person WHERE bucket = $1 AND party = $2"
PERSONS = """
SELECT p.party, p.body FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN person p ON p.bucket = k.b AND p.party = k.i WHERE p.body IS NOT NULL
"""
