//! What people prove themselves with: passwords, PINs, one-time codes, recovery codes, and how long a failed try must wait. Pure, apart
//! from [`hashing`], which keeps the slow work off the threads that serve.
pub mod hashing;
pub mod password;
pub mod seal;
pub mod totp;
pub mod wait;
