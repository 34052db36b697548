"""What is wrong with a dataset, in words."""

from collections.abc import Iterator

from tensorflow_metadata.proto.v0 import anomalies_pb2, statistics_pb2

from tfstory import stories

# Share of captions that may be empty.
MOST_EMPTY = 0.1


def in_words(
    split: str,
    anomalies: anomalies_pb2.Anomalies,
    statistics: statistics_pb2.DatasetFeatureStatistics,
) -> list[str]:
    """Returns one sentence for each thing that is wrong with a split.

    Args:
      split: str, the split's name.
      anomalies: what ExampleValidator found in the split.
      statistics: what StatisticsGen counted in it.

    Returns:
      Sentences without a final stop; none where all is well.
    """
    if not statistics.num_examples:
        return [f"the {split} split holds no examples"]
    found = [
        f"feature {name!r} of the {split} split: {_lower(info.description)}"
        for name, info in sorted(anomalies.anomaly_info.items())
        if info.severity == anomalies_pb2.AnomalyInfo.ERROR
    ]
    if anomalies.HasField("dataset_anomaly_info"):
        whole = anomalies.dataset_anomaly_info.description
        found.append(f"the {split} split: {_lower(whole)}")
    found.extend(_empty_captions(split, statistics))
    return found


def _empty_captions(
    split: str, statistics: statistics_pb2.DatasetFeatureStatistics
) -> Iterator[str]:
    # To a schema an empty string is a value like any other (and TFDV's custom
    # validations fail where the feature is missing), so look among the values
    # that the statistics rank. They rank the most frequent thousand: what
    # makes up a tenth of all is always among them, and only rare spellings of
    # nothing, such as twelve spaces, may be missing from the count.
    for feature in statistics.features:
        if list(feature.path.step) != [stories.SENTENCES]:
            continue
        strings = feature.string_stats
        empty = sum(
            bucket.sample_count
            for bucket in strings.rank_histogram.buckets
            if not bucket.label.strip()
        )
        total = strings.common_stats.tot_num_values
        # A wordless page here and there is a picture book's right.
        if empty > MOST_EMPTY * total:
            yield (
                f"{empty:.0f} of {total} captions ({stories.SENTENCES!r}) of "
                f"the {split} split are empty"
            )


def _lower(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(". ")
