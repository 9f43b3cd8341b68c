"""The quantile of the normal distribution, compiled: every normal number costs one uniform number, and rises with it."""

from __future__ import annotations

import math

import numpy as np

from tandemplan.arrays import Floats
from tandemplan.compiled import inlined, kernel
from tandemplan.simulate.philox import unit

_FRACTION = 52  # bits of a number's fraction
_ROOT = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)
_LOG_2, _LOG_2_REST = (
    6.93147180369123816490e-01,
    1.90821492927058770002e-10,
)  # of log(2), the first 32 bits and what is left


@inlined
def normal_quantile(p: float) -> float:
    """Return z with P(Z <= z) = p for 0 < p < 1, to about 16 digits.

    Wichura 1988, Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics 37(3), PPND16.

    >>> normal_quantile(0.5), round(normal_quantile(0.975), 6)
    (0.0, 1.959964)
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _central(0.180625 - q * q)
    r = math.sqrt(-math.log(p if q < 0 else 1.0 - p))
    z = _outer(r - 1.6) if r <= 5.0 else _far(r - 5.0)
    return -z if q < 0 else z


@inlined
def _central(r: float) -> float:
    above = 2.5090809287301226727e3
    above = above * r + 3.3430575583588128105e4
    above = above * r + 6.7265770927008700853e4
    above = above * r + 4.5921953931549871457e4
    above = above * r + 1.3731693765509461125e4
    above = above * r + 1.9715909503065514427e3
    above = above * r + 1.3314166789178437745e2
    above = above * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3
    below = below * r + 2.8729085735721942674e4
    below = below * r + 3.9307895800092710610e4
    below = below * r + 2.1213794301586595867e4
    below = below * r + 5.3941960214247511077e3
    below = below * r + 6.8718700749205790830e2
    below = below * r + 4.2313330701600911252e1
    return above / (below * r + 1.0)


@inlined
def _outer(r: float) -> float:
    above = 7.74545014278341407640e-4
    above = above * r + 2.27238449892691845833e-2
    above = above * r + 2.41780725177450611770e-1
    above = above * r + 1.27045825245236838258e0
    above = above * r + 3.64784832476320460504e0
    above = above * r + 5.76949722146069140550e0
    above = above * r + 4.63033784615654529590e0
    above = above * r + 1.42343711074968357734e0
    below = 1.05075007164441684324e-9
    below = below * r + 5.47593808499534494600e-4
    below = below * r + 1.51986665636164571966e-2
    below = below * r + 1.48103976427480074590e-1
    below = below * r + 6.89767334985100004550e-1
    below = below * r + 1.67638483018380384940e0
    below = below * r + 2.05319162663775882187e0
    return above / (below * r + 1.0)


@inlined
def _far(r: float) -> float:
    above = 2.01033439929228813265e-7
    above = above * r + 2.71155556874348757815e-5
    above = above * r + 1.24266094738807843860e-3
    above = above * r + 2.65321895265761230930e-2
    above = above * r + 2.96560571828504891230e-1
    above = above * r + 1.78482653991729133580e0
    above = above * r + 5.46378491116411436990e0
    above = above * r + 6.65790464350110377720e0
    below = 2.04426310338993978564e-15
    below = below * r + 1.42151175831644588870e-7
    below = below * r + 1.84631831751005468180e-5
    below = below * r + 7.86869131145613259100e-4
    below = below * r + 1.48753612908506148525e-2
    below = below * r + 1.36929880922735805310e-1
    below = below * r + 5.99832206555887937690e-1
    return above / (below * r + 1.0)


@kernel
def normal_quantiles(p: Floats) -> Floats:
    """Return `normal_quantile` of every entry of an array of one axis."""
    z = p.copy()
    for i in range(len(p)):
        z[i] = normal_quantile(p[i])
    return z


@inlined
def normal(key: np.uint64, replication: int, index: int) -> float:
    """Return a number of the normal distribution with mean 0 and standard deviation 1."""
    return normal_quantile(unit(key, replication, index))


@inlined
def exponential(key: np.uint64, replication: int, index: int) -> float:
    """Return a number of the exponential distribution with mean 1."""
    return exponential_quantile(unit(key, replication, index))


@inlined
def exponential_quantile(u: float) -> float:
    """Return x with P(X <= x) = u for the exponential distribution with mean 1, for the u of `unit`: their 1 - u is exact."""
    return -logarithm(1.0 - u)


@inlined
def logarithm(x: float) -> float:
    """Return the natural logarithm of a normal number above 0, within one unit in the last place.

    It is made of + - * / alone, so its bytes are the same on every machine, and a processor reckons several at once (libraries of
    systems differ in the last place). Method of FDLIBM's `e_log.c` (Sun Microsystems 1993): x = 2^k (1 + f) with 1 + f between
    sqrt(1/2) and sqrt(2), s = f / (2 + f), log(1 + f) = 2 artanh(s), whose series in s^2 is a minimax polynomial.

    >>> logarithm(1.0), logarithm(2.0) == math.log(2.0), abs(logarithm(1e-300) / math.log(1e-300) - 1) < 1e-15
    (0.0, True, True)
    """
    bits = np.float64(x).view(np.int64)
    k = (bits - _ROOT) >> _FRACTION
    f = np.int64(bits - (k << _FRACTION)).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    rest = 1.479819860511658591e-01
    rest = rest * z + 1.531383769920937332e-01
    rest = rest * z + 1.818357216161805012e-01
    rest = rest * z + 2.222219843214978396e-01
    rest = rest * z + 2.857142874366239149e-01
    rest = rest * z + 3.999999999940941908e-01
    rest = (rest * z + 6.666666666666735130e-01) * z
    half = 0.5 * f * f
    return k * _LOG_2 - ((half - (s * (half + rest) + k * _LOG_2_REST)) - f)
