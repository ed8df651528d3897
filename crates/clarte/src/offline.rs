//! Gives up the network for the rest of the process.
//!
//! `check` reads hostile mail on the machine of a person at risk. Nothing in it
//! opens a connection; so that nobody has to believe that, the kernel is asked
//! to refuse one (seccomp, Linux). Elsewhere there is only the code.

/// Forbids this process, and whatever it would start, to make connections.
/// Returns whether the system agreed.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn forbid_network() -> bool {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
    let calls = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendmmsg,
        libc::SYS_io_uring_setup,
    ];
    let Ok(arch) = std::env::consts::ARCH.try_into() else { return false };
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let rules = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch);
    let program = filter.and_then(BpfProgram::try_from);
    program.is_ok_and(|program| seccompiler::apply_filter_all_threads(&program).is_ok())
}

/// Elsewhere nothing is forbidden.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(crate) fn forbid_network() -> bool {
    false
}
