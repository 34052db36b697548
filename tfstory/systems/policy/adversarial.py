"""Policy and discriminator in turn: SeqGAN's algorithm 1 and its kin.

Seed document 003, algorithm 1 (Yu et al. 2017, arXiv:1609.05473) and ORGAN's;
seed document 002, section 4.
"""

import ml_collections
import tensorflow as tf

from tfstory.losses import adversarial as adversarial_losses
from tfstory.losses import policy_gradient
from tfstory.systems import descent, moving_average, replicas
from tfstory.systems.policy import judging, likelihood, optimizers, plain
from tfstory.systems.policy.alternating import Alternating
from tfstory.systems.policy.baselines import Baseline
from tfstory.systems.policy.codec import TOKENS
from tfstory.systems.policy.evaluation import Judge
from tfstory.systems.policy.model import PolicyModel
from tfstory.systems.policy.predictions import predict
from tfstory.systems.policy.rewards import Rewards
from tfstory.systems.policy.schedule import Schedule

# Streams of noise. Each stage has its own: all count from their first step.
_POLICY, _FAKE, _DROPOUT, _REAL_Z = range(4)
_FIRST_STREAMS = {"discriminator": 10, "adversarial": 20}


class Adversarial(Alternating):
    """Steps of REINFORCE, and of the discriminator against what it writes.

    `optimizer` is the policy's.

    Args:
      name: str, of the stage.
      seed: the run's.
      model: PolicyModel.
      config: of the stage.
      baseline: Baseline.
      earned: Rewards.
      judge: Judge.
      steps: of the whole stage.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        model: PolicyModel,
        config: ml_collections.ConfigDict,
        baseline: Baseline,
        earned: Rewards,
        judge: Judge,
        steps: int,
    ):
        schedule = Schedule.of(config)
        has_supervision = bool(
            config.likelihood_weight or config.last_likelihood_weight
        )
        # Their sum is of no use: each player minimises its own.
        parts = {}
        if schedule.policy_steps:
            parts |= {"policy_loss": 1.0, "return": 0.0}
            if config.entropy_weight:
                parts["policy_entropy"] = 0.0
            if has_supervision:
                parts["likelihood_loss"] = 0.0
            if baseline.is_learned:
                parts["baseline_loss"] = 0.0
        if schedule.sets:
            parts |= {"discriminator_loss": 1.0, "discriminator_right": 0.0}
        super().__init__(name, seed, judge.ratios, parts)
        self._model = model
        self._config = config
        self._schedule = schedule
        self._has_supervision = has_supervision
        self._first_stream = _FIRST_STREAMS[name]
        self._baseline = baseline
        self._rewards = earned
        self._judge = judge
        self._policy_steps = schedule.policy_steps_of(steps)
        self.compile(
            optimizer=optimizers.adam(
                config.policy_learning_rate, config, self._policy_steps
            )
        )
        self.optimizer.build(
            [
                *model.policy.trainable_variables,
                *baseline.trainable_variables,
            ]
        )
        self._discriminator_optimizer = None
        if model.discriminator is not None:
            self._discriminator_optimizer = self.scaling(
                optimizers.Adam(config.discriminator_learning_rate)
            )
            self._discriminator_optimizer.build(
                model.discriminator.trainable_variables
            )

    def kinds(self):
        return (
            ("policy", self._first_policy_step),
            ("policy", self._policy_step),
            ("discriminator", self._discriminator_step),
        )

    def step_kinds(self):
        schedule = self._schedule
        takes = {
            "policy": schedule.policy_steps,
            "discriminator": schedule.sets,
        }
        return [kind for kind in super().step_kinds() if takes[kind]]

    def plain_steps(self):
        if not self._schedule.policy_steps or not self._rewards.roll_outs:
            return {}
        step = plain.PolicyStep(
            self._model, self._rewards, self._step_with_returns
        )
        return {"policy": step}

    def next_kind(self):
        steps = self.optimizer.iterations.numpy()
        if self._discriminator_optimizer is not None:
            steps += self._discriminator_optimizer.iterations.numpy()
        return self._schedule.kind(int(steps))

    def test_step(self, batch):
        return self.update_ratios(self._judge.sums(batch))

    def _first_policy_step(self, batch):
        if self._model.roll_out_policy is not None:
            # The stage begins with the policy that came out of the last one.
            decay = tf.where(
                self.optimizer.iterations > 0, self._config.roll_out_decay, 0.0
            )
            moving_average.update(
                [self._model.roll_out_policy], [self._model.policy], decay
            )
        return self._policy_step(batch)

    def _policy_step(self, batch):
        model = self._model
        count = tf.shape(batch[TOKENS])[0]
        shard = replicas.shard(count)
        seed = self._step_seed(_POLICY, self.optimizer.iterations)
        tokens, noise = model.write(shard, count, seed)
        returns = None
        if not self._rewards.looks_ahead:
            returns = self._rewards.returns(
                tokens, noise, shard, seed, self.optimizer.iterations
            )
        return self._step_with_returns(batch, tokens, noise, returns)

    def _step_with_returns(self, batch, tokens, noise, returns):
        shard = replicas.shard(tf.shape(tokens)[0])
        with tf.GradientTape() as tape:
            parts = self._policy_parts(tokens, noise, returns)
            loss = parts["policy_loss"].share
            if self._config.entropy_weight:
                loss -= (
                    self._config.entropy_weight * parts["policy_entropy"].share
                )
            if self._baseline.is_learned:
                loss += parts["baseline_loss"].share
            if self._has_supervision:
                parts["likelihood_loss"] = self._likelihood(batch, shard)
                loss += (
                    self._likelihood_weight() * parts["likelihood_loss"].share
                )
            scaled = self.optimizer.scale_loss(loss)
        descent.apply(
            self.optimizer,
            tape,
            scaled,
            self._model.policy.trainable_variables,
            self._config.clip_norm,
            beside=self._baseline.trainable_variables,
        )
        return self.update_losses(parts)

    def _policy_parts(self, tokens, noise, returns):
        policy = self._model.policy
        mask = self._model.codec.alphabet.mask(tokens)
        predicted = predict(policy, tokens, mask, policy.state_of(noise))
        expected = self._baseline.expected(predicted.hidden, returns, mask)
        if self._rewards.looks_ahead:
            returns = self._rewards.n_step_returns(
                tokens, mask, expected, self.optimizer.iterations
            )
        parts = {}
        if self._config.entropy_weight:
            nll, entropy = predicted.nll_and_entropy()
            parts["policy_entropy"] = replicas.weighted_mean(entropy, mask)
        else:
            nll = predicted.nll()
        losses = policy_gradient.policy_losses(-nll, returns - expected)
        parts["policy_loss"] = replicas.weighted_mean(losses, mask)
        parts["return"] = replicas.weighted_mean(returns, mask)
        if self._baseline.is_learned:
            parts["baseline_loss"] = replicas.weighted_mean(
                tf.square(expected - returns), mask
            )
        return parts

    def _likelihood(self, batch, shard):
        tokens = likelihood.shown(self._model, batch, whole=self.jit_compile)
        count = tf.shape(tokens)[0]
        seed = self._step_seed(_REAL_Z, self.optimizer.iterations)
        return likelihood.nll(
            self._model,
            tokens,
            self._model.noise(shard, count, seed),
            self.noise_seed(self._first_stream + _DROPOUT),
        )

    def _likelihood_weight(self):
        """The supervision's weight: from one value evenly to another."""
        config = self._config
        done = tf.cast(self.optimizer.iterations, tf.float32)
        done /= self._policy_steps
        return config.likelihood_weight + done * (
            config.last_likelihood_weight - config.likelihood_weight
        )

    def _discriminator_step(self, batch):
        model, config = self._model, self._config
        optimizer = self._discriminator_optimizer
        alphabet = model.codec.alphabet
        real = batch[TOKENS]
        count = tf.shape(real)[0]
        number = self._schedule.batch_of(optimizer.iterations)
        fake, _ = model.write(
            replicas.shard(count), count, self._step_seed(_FAKE, number)
        )
        masks = [alphabet.mask(tokens) for tokens in (real, fake)]
        dropout = replicas.replica_seed(
            self.seed, self._first_stream + _DROPOUT, optimizer.iterations
        )
        variables = model.discriminator.trainable_variables
        with tf.GradientTape() as tape:
            real_logits, fake_logits = (
                judging.logits(
                    model.discriminator,
                    tokens,
                    alphabet,
                    tf.random.experimental.stateless_fold_in(dropout, stream),
                )
                for stream, tokens in enumerate((real, fake))
            )
            losses = adversarial_losses.discriminator_losses(
                real_logits, fake_logits, config.discriminator_loss
            )
            # Each side counts half, however long its sequences are.
            of_sides = [
                replicas.weighted_mean(values, _weights(values, mask))
                for values, mask in zip(losses, masks, strict=True)
            ]
            loss = replicas.GlobalMean(
                0.5 * tf.add_n([side.share for side in of_sides]),
                tf.add_n([side.weight for side in of_sides]),
            )
            # A mean over the examples, for this replica's share of it.
            penalty = replicas.global_mean(
                tf.fill([count], model.discriminator.regularization())
            )
            scaled = optimizer.scale_loss(
                loss.share + config.discriminator_l2 * penalty
            )
        descent.apply(
            optimizer,
            tape,
            scaled,
            variables,
            config.clip_norm,
        )
        if config.weight_limit:
            limit = config.weight_limit
            replicas.update(
                [variable.value for variable in variables],
                lambda variable, _: tf.clip_by_value(variable, -limit, limit),
                [variable.value for variable in variables],
            )
        right = [
            judging.at_the_end(real_logits, masks[0]) > 0,
            judging.at_the_end(fake_logits, masks[1]) <= 0,
        ]
        return self.update_losses(
            {
                "discriminator_loss": loss,
                "discriminator_right": replicas.weighted_mean(
                    tf.cast(tf.concat(right, axis=0), tf.float32)
                ),
            }
        )

    def _step_seed(self, stream, step):
        return replicas.step_seed(self.seed, self._first_stream + stream, step)


def _weights(values, mask):
    """Where a discriminator's losses count: at tokens, or once a sequence."""
    return None if values.shape.rank == 1 else mask
