"""What is wrong with a dataset is said in words."""

from tensorflow_metadata.proto.v0 import anomalies_pb2, statistics_pb2

from tfx_pipeline import anomalies


def _statistics(captions, examples=4):
    statistics = statistics_pb2.DatasetFeatureStatistics(num_examples=examples)
    feature = statistics.features.add()
    feature.path.step.append("sentences")
    for caption, count in captions.items():
        feature.string_stats.rank_histogram.buckets.add(
            label=caption, sample_count=count
        )
    feature.string_stats.common_stats.tot_num_values = sum(captions.values())
    return statistics


def test_good_data_gives_no_words():
    found = anomalies.in_words(
        "train", anomalies_pb2.Anomalies(), _statistics({"a dog": 8})
    )
    assert found == []


def test_empty_captions_are_counted_blanks_included():
    found = anomalies.in_words(
        "train",
        anomalies_pb2.Anomalies(),
        _statistics({"a dog": 5, "": 2, "  ": 1}),
    )
    assert found == [
        "3 of 8 captions ('sentences') of the train split are empty"
    ]


def test_a_missing_feature_is_named_with_its_split():
    record = anomalies_pb2.Anomalies()
    info = record.anomaly_info["images"]
    info.severity = anomalies_pb2.AnomalyInfo.ERROR
    info.description = "Column is completely missing"
    found = anomalies.in_words("test", record, _statistics({"a": 8}))
    assert found == [
        "feature 'images' of the test split: column is completely missing"
    ]


def test_warnings_do_not_stop_a_run():
    record = anomalies_pb2.Anomalies()
    record.anomaly_info["x"].severity = anomalies_pb2.AnomalyInfo.WARNING
    assert not anomalies.in_words("test", record, _statistics({"a": 8}))


def test_a_split_without_stories_is_named():
    found = anomalies.in_words(
        "validation", anomalies_pb2.Anomalies(), _statistics({}, examples=0)
    )
    assert found == ["the validation split holds no examples"]
