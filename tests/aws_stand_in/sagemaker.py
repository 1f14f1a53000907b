"""SageMaker's control plane: training jobs and their tags."""

import re
import threading

from . import training
from .errors import Refusal, validation

_LIST_PAGE = 10  # jobs that are looked at for one page: with StatusEquals it may be empty


def create_training_job(world, given):
    name = given["TrainingJobName"]
    count = given["ResourceConfig"].get("InstanceCount", 1)
    instance_type = given["ResourceConfig"].get("InstanceType")
    _check_together(world, given)
    with world.lock:
        if name in world.jobs:
            raise Refusal("ResourceInUse", f"Training job names must be unique within an AWS account and region, and "
                          f"a training job with this name already exists ({world.jobs[name].arn})")
        quota = world.quotas.get(instance_type)
        used = sum(job.request["ResourceConfig"].get("InstanceCount", 1) for job in world.jobs.values()
                   if job.is_live and job.request["ResourceConfig"]["InstanceType"] == instance_type)
        if quota is not None and used + count > quota:
            raise Refusal("ResourceLimitExceeded", f"The account-level service limit '{instance_type} for training job "
                          f"usage' is {quota} Instances, with current utilization of {used} Instances and a request "
                          f"delta of {count} Instances. Please use AWS Service Quotas to request an increase.")
        job = training.Job(world, given)
        world.jobs[name] = job
    world.at_end.append(job.kill)
    threading.Thread(target=job.run, daemon=True).start()
    return {"TrainingJobArn": job.arn}


def _check_together(world, given):
    stopping = given["StoppingCondition"]
    runtime, wait = stopping.get("MaxRuntimeInSeconds", 86400), stopping.get("MaxWaitTimeInSeconds")
    is_spot = given.get("EnableManagedSpotTraining", False)
    if is_spot and (wait is None or wait < runtime):
        raise validation("MaxWaitTimeInSeconds must be present and at least MaxRuntimeInSeconds with spot training")
    if not is_spot and wait is not None:
        raise validation("MaxWaitTimeInSeconds is only supported when EnableManagedSpotTraining is true")
    for key in ("InstanceType", "InstanceCount"):
        if key not in given["ResourceConfig"]:
            raise validation(f"ResourceConfig.{key} is required")
    image = given["AlgorithmSpecification"].get("TrainingImage", "")
    if not re.match(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/\S+", image):
        raise validation(f"Cannot find repository of image {image}")
    names = [channel["ChannelName"] for channel in given.get("InputDataConfig", [])]
    if len(set(names)) != len(names):
        raise validation("channel names must be unique")
    if any(not tag["Key"].strip() for tag in given.get("Tags", [])):
        raise validation("tag keys")
    for uri in [given["OutputDataConfig"]["S3OutputPath"]]:
        if uri.removeprefix("s3://").partition("/")[0] not in world.buckets:
            raise validation(f"no such bucket: {uri}")


def _job(world, given, is_modelled=False):
    job = world.jobs.get(given["TrainingJobName"])
    if job is None and is_modelled:
        raise Refusal("ResourceNotFound", "Requested resource not found.")
    if job is None:
        raise validation("Requested resource not found.")
    return job


def describe_training_job(world, given):
    with world.lock:
        return _job(world, given).describe()


def stop_training_job(world, given):
    job = _job(world, given)
    if not job.is_live:
        raise validation(f"The request was rejected because the training job is in status {job.status}.")
    job.stop()


def list_training_jobs(world, given):
    jobs = [job for job in world.jobs.values() if given.get("NameContains", "") in job.name]
    jobs = [job for job in jobs if job.created_s >= given.get("CreationTimeAfter", 0)]
    jobs.sort(key=lambda job: job.created_s, reverse=given.get("SortOrder", "Descending") == "Descending")
    begin = int(given.get("NextToken", "0"))
    end = begin + min(given.get("MaxResults", 10), _LIST_PAGE)
    wanted = given.get("StatusEquals")
    page = [job for job in jobs[begin:end] if wanted in (None, job.status)]
    answer = {"TrainingJobSummaries": [
        {"TrainingJobName": job.name, "TrainingJobArn": job.arn, "CreationTime": job.created_s,
         "TrainingJobStatus": job.status} for job in page]}
    if end < len(jobs):
        answer["NextToken"] = str(end)
    return answer


def _tagged(world, given):
    for job in world.jobs.values():
        if job.arn == given["ResourceArn"]:
            return job
    raise validation("Could not find the resource")


def list_tags(world, given):
    return {"Tags": _tagged(world, given).tags}


def add_tags(world, given):
    job = _tagged(world, given)
    keys = {tag["Key"] for tag in given["Tags"]}
    job.tags = [tag for tag in job.tags if tag["Key"] not in keys] + given["Tags"]
    return {"Tags": job.tags}


OPERATIONS = {
    "CreateTrainingJob": create_training_job,
    "DescribeTrainingJob": describe_training_job,
    "StopTrainingJob": stop_training_job,
    "ListTrainingJobs": list_training_jobs,
    "ListTags": list_tags,
    "AddTags": add_tags,
}
