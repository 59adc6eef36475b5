// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Keeps the newest checkpoint of transparency logs: when it was known, and that there was only one of a size. Whether a larger
/// checkpoint continues a smaller one is shown by a consistency proof outside the chain. There is no owner, no upgrade, no money.
contract CheckpointAnchor {
    struct Log {
        address writer;
        uint64 size;
        bytes32 root;
    }

    /// By keccak256 of the log's origin.
    mapping(bytes32 => Log) public logs;

    event Claimed(bytes32 indexed origin, address indexed writer);
    event Anchored(bytes32 indexed origin, uint64 size, bytes32 root, uint64 previousSize, bytes32 previousRoot);

    error AlreadyClaimed(address writer);
    error NotTheWriter(address writer);
    error NotLarger(uint64 size);

    /// Whoever comes first writes for this origin from then on.
    function claim(bytes32 origin) external {
        Log storage log = logs[origin];
        if (log.writer != address(0)) revert AlreadyClaimed(log.writer);
        log.writer = msg.sender;
        emit Claimed(origin, msg.sender);
    }

    function anchor(bytes32 origin, uint64 size, bytes32 root) external {
        Log storage log = logs[origin];
        if (log.writer != msg.sender) revert NotTheWriter(log.writer);
        uint64 previousSize = log.size;
        if (size <= previousSize) revert NotLarger(previousSize);
        emit Anchored(origin, size, root, previousSize, log.root);
        log.size = size;
        log.root = root;
    }
}
