# Validates instances against a JSON Schema: a line of stdin is the schema, each further one an instance. A line of stdout
# is `ok`, or where and why not.
import json
import sys

from jsonschema import Draft202012Validator

schema = json.loads(sys.stdin.readline())
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for line in sys.stdin:
    error = next(validator.iter_errors(json.loads(line)), None)
    print("ok" if error is None else f"{error.json_path}: {error.message}".replace("\n", " "))
