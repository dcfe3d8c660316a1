//! Function minimization by the method of Nelder and Mead (*A simplex method for function
//! minimization*, The Computer Journal 7, 1965) with their own coefficients. It needs no derivatives,
//! and is deterministic.

/// Limit on the function evaluations of each of the two searches.
const MAX_EVALUATIONS: u32 = 1_500;

/// Relative differences below this are negligible.
const TOLERANCE: f64 = 1e-11;

/// The minimum of `f` near `start`. The search runs twice, the second time from the result of the
/// first: a degenerate simplex stops too early.
pub(super) fn minimise<const N: usize>(f: impl Fn(&[f64; N]) -> f64, start: [f64; N]) -> [f64; N] {
    search(&f, search(&f, start, 0.5), 0.1)
}

fn search<const N: usize>(f: &impl Fn(&[f64; N]) -> f64, start: [f64; N], step: f64) -> [f64; N] {
    let mut corners: Vec<([f64; N], f64)> = vec![(start, f(&start))];
    for i in 0..N {
        let mut corner = start;
        corner[i] += step;
        corners.push((corner, f(&corner)));
    }
    let mut evaluations = 0;
    while evaluations < MAX_EVALUATIONS {
        corners.sort_by(|one, other| one.1.total_cmp(&other.1));
        let (best, worst) = (corners[0].1, corners[N].1);
        if worst - best <= TOLERANCE * best.abs().max(1.0) {
            break;
        }
        let middle = centre(&corners[..N]);
        let mut at = |along: f64| {
            evaluations += 1;
            let point: [f64; N] = std::array::from_fn(|i| middle[i] + along * (corners[N].0[i] - middle[i]));
            (point, f(&point))
        };
        let reflected = at(-1.0);
        let next = if reflected.1 < best {
            let expanded = at(-2.0);
            if expanded.1 < reflected.1 { Some(expanded) } else { Some(reflected) }
        } else if reflected.1 < corners[N - 1].1 {
            Some(reflected)
        } else {
            let contracted = at(if reflected.1 < worst { -0.5 } else { 0.5 });
            (contracted.1 < reflected.1.min(worst)).then_some(contracted)
        };
        match next {
            Some(next) => corners[N] = next,
            None => {
                let best = corners[0].0;
                for corner in &mut corners[1..] {
                    evaluations += 1;
                    let point = std::array::from_fn(|i| 0.5 * (best[i] + corner.0[i]));
                    *corner = (point, f(&point));
                }
            }
        }
    }
    corners.sort_by(|one, other| one.1.total_cmp(&other.1));
    corners[0].0
}

fn centre<const N: usize>(corners: &[([f64; N], f64)]) -> [f64; N] {
    let count = f64::from(u32::try_from(corners.len()).unwrap_or(u32::MAX));
    std::array::from_fn(|i| corners.iter().map(|corner| corner.0[i]).sum::<f64>() / count)
}
