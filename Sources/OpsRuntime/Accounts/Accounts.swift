import Glibc
package import OpsSystem

/// Who owns what: a user per service when root asks, the person who asks otherwise.
package struct Accounts: Sendable {
    package let isolation: Isolation
    private let users: [ServiceAccount: SystemUser]
    private let groups: [ServiceAccount.Group: UInt32]

    /// Everything belongs to whoever asks.
    package static func single(_ user: SystemUser = .current) -> Accounts {
        Accounts(
            isolation: .interface,
            users: Dictionary(uniqueKeysWithValues: ServiceAccount.allCases.map { ($0, user) }),
            groups: Dictionary(uniqueKeysWithValues: ServiceAccount.Group.allCases.map { ($0, user.gid) })
        )
    }

    /// The service users when root asks, else the person.
    package static func resolve() throws(RuntimeError) -> Accounts {
        guard geteuid() == 0 else { return .single() }
        var users: [ServiceAccount: SystemUser] = [:]
        var groups: [ServiceAccount.Group: UInt32] = [:]
        for account in ServiceAccount.allCases { users[account] = SystemUser.named(account.rawValue) }
        for group in ServiceAccount.Group.allCases { groups[group] = SystemGroup.number(named: group.rawValue) }
        let missing =
            ServiceAccount.allCases.filter { users[$0] == nil }.map(\.rawValue)
            + ServiceAccount.Group.allCases.filter { groups[$0] == nil }.map(\.rawValue)
        guard missing.isEmpty else {
            throw RuntimeError(
                .missingUser,
                "started by root, a lab needs service users, and these are missing: \(missing.joined(separator: ", "))",
                hint: "run scripts/bootstrap once, or start the lab as an ordinary user"
            )
        }
        return Accounts(isolation: .users, users: users, groups: groups)
    }

    package subscript(account: ServiceAccount) -> SystemUser { self.users[account] ?? .current }
    package subscript(group group: ServiceAccount.Group) -> UInt32 { self.groups[group] ?? getegid() }

    /// The supervisor's `user=` for a program; nil when everything runs as one user.
    package func supervisorUser(_ account: ServiceAccount) -> String? {
        self.isolation == .users ? self[account].name : nil
    }

    /// The command that runs another one as this account.
    package func command(as account: ServiceAccount, _ program: String, _ arguments: [String]) -> (String, [String]) {
        guard self.isolation == .users else { return (program, arguments) }
        let user = self[account]
        let identity = ["--reuid=\(user.uid)", "--regid=\(user.gid)", "--init-groups", "--reset-env", "--"]
        return ("/usr/bin/setpriv", identity + [program] + arguments)
    }
}
