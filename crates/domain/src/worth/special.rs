//! The two special functions that the models use.

/// From here on Stirling's series is accurate to the last digits.
const LARGE: f64 = 12.0;

/// Maximum number of terms of the hypergeometric series. Near 1 it converges slowly: a horizon of a
/// year after a first week needs a few thousand.
const MAX_TERMS: u32 = 100_000;

/// The logarithm of the gamma function of a positive number.
///
/// Stirling's series, after Γ(x+1) = x Γ(x) has made the number large (Abramowitz and Stegun,
/// *Handbook of Mathematical Functions*, 6.1.15 and 6.1.41).
pub(super) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < LARGE {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse
        * (1.0 / 12.0
            - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0))));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - product.ln()
}

/// Gauss's hypergeometric function ₂F₁(a, b; c; z) for 0 ≤ z < 1, by its series (15.1.1 there).
pub(super) fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 0..MAX_TERMS {
        let n = f64::from(n);
        let ratio = (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        term *= ratio;
        sum += term;
        // The remainder is approximately a geometric series of this ratio.
        if ratio < 1.0 && term.abs() < sum.abs() * (1.0 - ratio) * 1e-14 {
            break;
        }
    }
    sum
}
