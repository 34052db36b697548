"""The tests of tfstory, tfx_pipeline, serving and the set-up."""
