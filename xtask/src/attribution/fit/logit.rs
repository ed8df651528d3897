//! The arithmetic of a fit: choices among alternatives explained by numbers, and
//! the least of a curve.
//!
//! Conditional logit: McFadden, "Conditional logit analysis of qualitative choice
//! behavior" (1974). The loss is convex, so that Newton's method with backtracking
//! finds its one least. For a score of columns; no sparse or large problems.

/// One choice: the alternatives, by row what is known of each, and which was
/// chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<'a, R> {
    pub(crate) rows: &'a [R],
    pub(crate) chosen: usize,
    /// How much it counts.
    pub(crate) counts: f64,
}

/// Steps that promise less than this are not taken.
const LEAST_GAIN: f64 = 1e-12;
const MOST_STEPS: usize = 100;

/// The weights of the first `scales.len()` columns that make the choices likeliest,
/// with `penalty` on the square of each weight times its scale.
pub(crate) fn weights<R: AsRef<[f64]>>(
    choices: &[Choice<'_, R>],
    scales: &[f64],
    penalty: f64,
) -> Vec<f64> {
    let mut weights = vec![0.0; scales.len()];
    for _ in 0..MOST_STEPS {
        let here = Slope::at(choices, scales, penalty, &weights);
        let step = solved(here.second, here.first.clone());
        let gain: f64 = step.iter().zip(&here.first).map(|(step, slope)| step * slope).sum();
        if gain < LEAST_GAIN {
            break;
        }
        let mut length = 1.0;
        let tried = loop {
            let tried: Vec<f64> =
                weights.iter().zip(&step).map(|(weight, step)| weight - length * step).collect();
            let lower = here.loss - loss(choices, scales, penalty, &tried);
            if lower >= 1e-4 * length * gain || length < 1e-6 {
                break tried;
            }
            length /= 2.0;
        };
        weights = tried;
    }
    weights.iter().zip(scales).map(|(weight, scale)| weight / scale).collect()
}

/// The loss at some weights, with its first and second derivatives.
struct Slope {
    loss: f64,
    first: Vec<f64>,
    second: Vec<Vec<f64>>,
}

impl Slope {
    fn at<R: AsRef<[f64]>>(
        choices: &[Choice<'_, R>],
        scales: &[f64],
        penalty: f64,
        weights: &[f64],
    ) -> Self {
        let size = weights.len();
        let all: f64 = choices.iter().map(|choice| choice.counts).sum();
        let mut slope = Self {
            loss: penalty * weights.iter().map(|weight| weight * weight).sum::<f64>(),
            first: weights.iter().map(|weight| 2.0 * penalty * weight).collect(),
            second: vec![vec![0.0; size]; size],
        };
        (0..size).for_each(|at| slope.second[at][at] = 2.0 * penalty);
        for choice in choices {
            let counts = choice.counts / all;
            let logs = logs(choice, scales, weights);
            slope.loss -= counts * logs[choice.chosen];
            let mut mean = vec![0.0; size];
            let mut square = vec![vec![0.0; size]; size];
            for (row, log) in choice.rows.iter().zip(&logs) {
                let row = scaled(row.as_ref(), scales);
                let share = log.exp();
                for at in 0..size {
                    mean[at] += share * row[at];
                    for other in 0..=at {
                        square[at][other] += share * row[at] * row[other];
                    }
                }
            }
            let chosen = scaled(choice.rows[choice.chosen].as_ref(), scales);
            for at in 0..size {
                slope.first[at] += counts * (mean[at] - chosen[at]);
                for other in 0..=at {
                    let more = counts * (square[at][other] - mean[at] * mean[other]);
                    slope.second[at][other] += more;
                    if other < at {
                        slope.second[other][at] += more;
                    }
                }
            }
        }
        slope
    }
}

fn loss<R: AsRef<[f64]>>(
    choices: &[Choice<'_, R>],
    scales: &[f64],
    penalty: f64,
    weights: &[f64],
) -> f64 {
    let all: f64 = choices.iter().map(|choice| choice.counts).sum();
    let one = |choice: &Choice<'_, R>| choice.counts * logs(choice, scales, weights)[choice.chosen];
    let said: f64 = choices.iter().map(one).sum();
    penalty * weights.iter().map(|weight| weight * weight).sum::<f64>() - said / all
}

/// The logarithm of each alternative's probability.
fn logs<R: AsRef<[f64]>>(choice: &Choice<'_, R>, scales: &[f64], weights: &[f64]) -> Vec<f64> {
    let sum = |row: &R| -> f64 {
        scaled(row.as_ref(), scales).iter().zip(weights).map(|(of, weight)| of * weight).sum()
    };
    let sums: Vec<f64> = choice.rows.iter().map(sum).collect();
    let total = log_sum(&sums);
    sums.into_iter().map(|sum| sum - total).collect()
}

fn scaled(row: &[f64], scales: &[f64]) -> Vec<f64> {
    row.iter().zip(scales).map(|(of, scale)| of / scale).collect()
}

/// The logarithm of the sum of what `logs` are the logarithms of.
pub(crate) fn log_sum(logs: &[f64]) -> f64 {
    let greatest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    greatest + logs.iter().map(|log| (log - greatest).exp()).sum::<f64>().ln()
}

/// What `matrix` makes into `right`, by Gaussian elimination; the matrix is
/// symmetric and positive, so that no rows need to be swapped.
fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for at in 0..size {
        let row = matrix[at].clone();
        for below in at + 1..size {
            let times = matrix[below][at] / row[at];
            (at..size).for_each(|column| matrix[below][column] -= times * row[column]);
            right[below] -= times * right[at];
        }
    }
    for at in (0..size).rev() {
        let known: f64 = (at + 1..size).map(|column| matrix[at][column] * right[column]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}

/// Where between `from` and `to` a curve with one valley is lowest, by the golden
/// section.
pub(crate) fn lowest(mut from: f64, mut to: f64, curve: impl Fn(f64) -> f64) -> f64 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    while to - from > 1e-4 {
        let (left, right) = (to - golden * (to - from), from + golden * (to - from));
        if curve(left) < curve(right) {
            to = right;
        } else {
            from = left;
        }
    }
    (from + to) / 2.0
}

#[cfg(test)]
mod tests {
    use super::super::super::figures::Random;
    use super::*;

    #[test]
    fn choices_made_by_known_weights_give_them_back() {
        let truth = [1.5, -2.0, 0.0];
        let mut random = Random(1);
        let mut all: Vec<(Vec<[f64; 3]>, usize)> = Vec::new();
        for _ in 0..4000 {
            let rows: Vec<[f64; 3]> =
                (0..5).map(|_| [(); 3].map(|()| random.unit() * 2.0)).collect();
            let sums: Vec<f64> = rows
                .iter()
                .map(|row| row.iter().zip(truth).map(|(of, by)| of * by).sum())
                .collect();
            let total = log_sum(&sums);
            let mut left = random.unit();
            let chosen = sums.iter().position(|sum| {
                left -= (sum - total).exp();
                left < 0.0
            });
            all.push((rows, chosen.unwrap_or(4)));
        }
        let choices: Vec<_> = all
            .iter()
            .map(|(rows, chosen)| Choice { rows, chosen: *chosen, counts: 1.0 })
            .collect();
        let found = weights(&choices, &[1.0; 3], 1e-6);
        for (found, truth) in found.iter().zip(truth) {
            assert!((found - truth).abs() < 0.15, "{found} is not {truth}");
        }
        // Scales change the penalty's say, not the meaning of a weight.
        let scaled = weights(&choices, &[0.1, 5.0, 2.0], 1e-9);
        for (found, scaled) in found.iter().zip(scaled) {
            assert!((found - scaled).abs() < 0.01, "{found} is not {scaled}");
        }
    }

    #[test]
    fn a_choice_that_counts_thrice_is_three_choices() {
        let rows = [[[1.0, 0.0], [0.0, 1.0]], [[0.5, 0.3], [0.2, 0.9]], [[0.0, 0.0], [0.4, 0.1]]];
        let choice = |at: usize, chosen, counts| Choice { rows: &rows[at], chosen, counts };
        let thrice = [choice(0, 0, 3.0), choice(1, 1, 1.0), choice(2, 0, 1.0)];
        let three = [0, 0, 0, 1, 2].map(|at| choice(at, usize::from(at == 1), 1.0));
        let apart = weights(&thrice, &[1.0; 2], 1e-3)
            .into_iter()
            .zip(weights(&three, &[1.0; 2], 1e-3))
            .map(|(left, right)| (left - right).abs());
        assert!(apart.fold(0.0, f64::max) < 1e-6);
    }

    #[test]
    fn what_tells_all_apart_is_held_by_the_penalty() {
        let rows = [[1.0], [0.0]];
        let always = [Choice { rows: &rows, chosen: 0, counts: 1.0 }];
        let found = weights(&always, &[1.0], 1e-3)[0];
        assert!(found.is_finite() && (1.0..10.0).contains(&found), "{found}");
    }

    #[test]
    fn systems_are_solved_and_valleys_found() {
        let found = solved(vec![vec![4.0, 1.0], vec![1.0, 3.0]], vec![1.0, 2.0]);
        assert!((found[0] - 1.0 / 11.0).abs() < 1e-12 && (found[1] - 7.0 / 11.0).abs() < 1e-12);
        assert!((lowest(0.5, 3.0, |at| (at - 1.7).powi(2)) - 1.7).abs() < 1e-3);
        assert!((lowest(0.5, 3.0, |at| at) - 0.5).abs() < 1e-3);
    }
}
