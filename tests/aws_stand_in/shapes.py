"""Checks of request bodies: each shape is a function that refuses a value with its path."""

import re

from .errors import validation


def _refuse(path, what):
    raise validation(f"1 validation error detected: Value at '{path}' failed to satisfy constraint: {what}")


def text(pattern=r"[\s\S]*", least=0, most=2048):
    compiled = re.compile(pattern)

    def check(value, path):
        if not isinstance(value, str):
            _refuse(path, f"Member must be a string, got {value!r}")
        if not least <= len(value) <= most:
            _refuse(path, f"Member must have length from {least} to {most}")
        if not compiled.fullmatch(value):
            _refuse(path, f"Member must satisfy regular expression pattern: {pattern}")

    return check


def one_of(*words):
    def check(value, path):
        if value not in words:
            _refuse(path, f"Member must satisfy enum value set: {list(words)}")

    return check


def integer(least, most):
    def check(value, path):
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            _refuse(path, f"Member must be an integer from {least} to {most}, got {value!r}")

    return check


def number(value, path):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        _refuse(path, "Member must be a number")


def boolean(value, path):
    if not isinstance(value, bool):
        _refuse(path, "Member must be a boolean")


def items(inner, least=0, most=100):
    def check(value, path):
        if not isinstance(value, list) or not least <= len(value) <= most:
            _refuse(path, f"Member must be a list of {least} to {most}")
        for index, item in enumerate(value):
            inner(item, f"{path}.{index + 1}.member")

    return check


def mapping(key, inner, most=100):
    def check(value, path):
        if not isinstance(value, dict) or len(value) > most:
            _refuse(path, f"Member must be a map of at most {most}")
        for name, item in value.items():
            key(name, f"{path}.key")
            inner(item, f"{path}.{name}")

    return check


def record(required, optional=()):
    members = {**required, **dict(optional)}

    def check(value, path):
        if not isinstance(value, dict):
            _refuse(path, "Member must be a structure")
        for name in required:
            if name not in value:
                _refuse(f"{path}.{name}".lstrip("."), "Member must not be null")
        for name, item in value.items():
            if name not in members:
                _refuse(f"{path}.{name}".lstrip("."), "unknown member")
            members[name](item, f"{path}.{name}".lstrip("."))

    return check


NAME = text(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", 1, 63)
ROLE = text(r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+", 20, 2048)
S3_URI = text(r"(https|s3)://([^/]+)/?(.*)", 0, 1024)
KMS = text(r"[a-zA-Z0-9:/_-]*", 0, 2048)
INSTANCE = text(r"ml\.[a-z0-9\-]+\.[a-z0-9]+")
TOKEN = text(r".*", 0, 8192)
ENVIRONMENT = mapping(text(r"[a-zA-Z_][a-zA-Z0-9_]*", 0, 512), text(r"[\S\s]*", 0, 512))
TAGS = items(
    record({
        "Key": text(r"(?!aws:)[\w\s_.:/=+\-@]*", 1, 128),
        "Value": text(r"[\w\s_.:/=+\-@]*", 0, 256),
    }),
    0, 50)
VPC = record({
    "SecurityGroupIds": items(text(r"[-0-9a-zA-Z]+", 0, 32), 1, 5),
    "Subnets": items(text(r"[-0-9a-zA-Z]+", 0, 32), 1, 16),
})
_S3_SOURCE = record(
    {"S3DataType": one_of("S3Prefix", "ManifestFile", "AugmentedManifestFile"), "S3Uri": S3_URI},
    {"S3DataDistributionType": one_of("FullyReplicated", "ShardedByS3Key"),
     "AttributeNames": items(text(), 0, 16)})
_CHANNEL = record(
    {"ChannelName": text(r"[A-Za-z0-9\.\-_]+", 1, 64), "DataSource": record({}, {"S3DataSource": _S3_SOURCE})},
    {"ContentType": text(most=256), "CompressionType": one_of("None", "Gzip"),
     "InputMode": one_of("Pipe", "File", "FastFile"), "RecordWrapperType": one_of("None", "RecordIO")})

_CREATE_TRAINING_JOB = record(
    {
        "TrainingJobName": NAME,
        "RoleArn": ROLE,
        "OutputDataConfig": record({"S3OutputPath": S3_URI}, {"KmsKeyId": KMS, "CompressionType": one_of("GZIP", "NONE")}),
        "AlgorithmSpecification": record(
            {"TrainingInputMode": one_of("Pipe", "File", "FastFile")},
            {"TrainingImage": text(r".*", 0, 255),
             "MetricDefinitions": items(record({"Name": text(r".+", 1, 255), "Regex": text(r".+", 1, 500)}), 0, 40),
             "EnableSageMakerMetricsTimeSeries": boolean,
             "ContainerEntrypoint": items(text(r".*", 0, 256), 1, 100),
             "ContainerArguments": items(text(r".*", 0, 256), 1, 100)}),
        "ResourceConfig": record(
            {"VolumeSizeInGB": integer(1, 16384)},
            {"InstanceType": INSTANCE, "InstanceCount": integer(1, 1000), "VolumeKmsKeyId": KMS,
             "KeepAlivePeriodInSeconds": integer(0, 21600)}),
        "StoppingCondition": record({}, {"MaxRuntimeInSeconds": integer(1, 2419200),
                                         "MaxWaitTimeInSeconds": integer(1, 2419200)}),
    },
    {
        "HyperParameters": mapping(text(r".*", 0, 256), text(r".*", 0, 2500)),
        "InputDataConfig": items(_CHANNEL, 1, 20),
        "VpcConfig": VPC,
        "Tags": TAGS,
        "EnableNetworkIsolation": boolean,
        "EnableInterContainerTrafficEncryption": boolean,
        "EnableManagedSpotTraining": boolean,
        "CheckpointConfig": record({"S3Uri": S3_URI}, {"LocalPath": text(r".*", 0, 4096)}),
        "Environment": ENVIRONMENT,
        "RetryStrategy": record({"MaximumRetryAttempts": integer(1, 30)}),
    })

_NAMED = {name: record({name: NAME}) for name in
          ("TrainingJobName", "ModelName", "EndpointName", "EndpointConfigName", "TransformJobName")}

SHAPES = {
    "CreateTrainingJob": _CREATE_TRAINING_JOB,
    "DescribeTrainingJob": _NAMED["TrainingJobName"],
    "StopTrainingJob": _NAMED["TrainingJobName"],
    "ListTrainingJobs": record({}, {
        "NextToken": TOKEN, "MaxResults": integer(1, 100), "CreationTimeAfter": number, "CreationTimeBefore": number,
        "LastModifiedTimeAfter": number, "LastModifiedTimeBefore": number,
        "NameContains": text(r"[a-zA-Z0-9\-]+", 0, 63),
        "StatusEquals": one_of("InProgress", "Completed", "Failed", "Stopping", "Stopped"),
        "SortBy": one_of("Name", "CreationTime", "Status"), "SortOrder": one_of("Ascending", "Descending")}),
    "ListTags": record({"ResourceArn": text(r"arn:.*", 0, 256)}, {"NextToken": TOKEN, "MaxResults": integer(50, 100)}),
    "AddTags": record({"ResourceArn": text(r"arn:.*", 0, 256), "Tags": TAGS}),
    "DescribeLogStreams": record({"logGroupName": text(r"[\.\-_/#A-Za-z0-9]+", 1, 512)}, {
        "logStreamNamePrefix": text(r"[^:*]*", 1, 512), "orderBy": one_of("LogStreamName", "LastEventTime"),
        "descending": boolean, "nextToken": text(least=1), "limit": integer(1, 50)}),
    "GetLogEvents": record({"logStreamName": text(r"[^:*]*", 1, 512)}, {
        "logGroupName": text(r"[\.\-_/#A-Za-z0-9]+", 1, 512), "startTime": integer(0, 1 << 60),
        "endTime": integer(0, 1 << 60), "nextToken": text(least=1), "limit": integer(1, 10000),
        "startFromHead": boolean}),
}


def check(operation, value):
    if operation not in SHAPES:
        from .errors import Refusal

        raise Refusal("UnknownOperationException", operation)
    SHAPES[operation](value, "")
